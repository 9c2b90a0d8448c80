# find_package(thresh) brings
#
#   thresh_add_harness(NAME SOURCES FILE... [LIBRARIES TARGET...] [INPUTS FILE|DIR...])
#
# a program that replays inputs through a harness, under the sanitizers of THRESH_SANITIZE, and with INPUTS a test of
# that name, which fails when one of them does. The libraries should be built with the same sanitizers.
if(NOT CMAKE_C_COMPILER)
	message(FATAL_ERROR "thresh: what replays inputs is C: project(... LANGUAGES C CXX)")
endif()
get_filename_component(thresh_SHARE "${CMAKE_CURRENT_LIST_DIR}/../../thresh" ABSOLUTE)
get_filename_component(thresh_INCLUDE_DIR "${CMAKE_CURRENT_LIST_DIR}/../../../include" ABSOLUTE)
set(THRESH_SANITIZE "address,undefined" CACHE STRING "sanitizers of harnesses, as -fsanitize= takes them; empty: none")

function(thresh_add_harness name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;INPUTS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
		message(FATAL_ERROR "thresh_add_harness(NAME SOURCES FILE... [LIBRARIES TARGET...] [INPUTS FILE|DIR...])")
	endif()
	add_executable(${name} ${arg_SOURCES} ${thresh_SHARE}/runtime/replay.c)
	target_include_directories(${name} PRIVATE ${thresh_INCLUDE_DIR})
	target_compile_options(${name} PRIVATE -g -fno-omit-frame-pointer)
	if(THRESH_SANITIZE)
		target_compile_options(${name} PRIVATE -fsanitize=${THRESH_SANITIZE})
		target_link_options(${name} PRIVATE -fsanitize=${THRESH_SANITIZE})
	endif()
	target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
	if(arg_INPUTS)
		add_test(NAME ${name} COMMAND ${name} ${arg_INPUTS} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	endif()
endfunction()
